from django.db import migrations

from prm.tenancy.moving import MoveRows

MOVE = """
    INSERT INTO prm_question (
        id, tenant_id, partner_path, subject_type, subject_id, fields, text,
        asked_by_id, asked_at, answer_by, answer, answered_by_id, answered_at
    )
    SELECT id, tenant_id, partner_path, 'deals.registration', registration_id, fields, question,
        asked_by_id, asked_at, answer_by, answer, answered_by_id, answered_at
    FROM deals_informationrequest
"""
MOVE_BACK = """
    INSERT INTO deals_informationrequest (
        id, tenant_id, partner_path, registration_id, fields, question,
        asked_by_id, asked_at, answer_by, answer, answered_by_id, answered_at
    )
    SELECT id, tenant_id, partner_path, subject_id, fields, text,
        asked_by_id, asked_at, answer_by, answer, answered_by_id, answered_at
    FROM prm_question WHERE subject_type = 'deals.registration';
    DELETE FROM prm_question WHERE subject_type = 'deals.registration'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('deals', '0005_products_and_tier_days'),
        ('prm', '0006_questions_drafts_documents'),
    ]

    operations = [
        MoveRows(['deals_informationrequest', 'prm_question'], MOVE, MOVE_BACK),
        migrations.DeleteModel(name='InformationRequest'),
    ]

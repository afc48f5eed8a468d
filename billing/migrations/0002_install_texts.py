from django.db import migrations

from billing.messages import KINDS
from orders import texts


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial"), ("notifications", "0001_initial")]
    operations = [texts.installed(KINDS)]

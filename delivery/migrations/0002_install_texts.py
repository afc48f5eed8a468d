from django.db import migrations

from delivery.messages import KINDS
from orders import texts


class Migration(migrations.Migration):
    dependencies = [("delivery", "0001_initial"), ("notifications", "0001_initial")]
    operations = [texts.installed(KINDS)]

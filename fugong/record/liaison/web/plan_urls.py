from __future__ import annotations

from django.urls import path

from fugong.record.liaison.web.views import plans

app_name = "plan"
urlpatterns = [
    path("", plans.mine_choice, name="mine"),
    path("<int:pk>/", plans.own_sheet, name="plan_sheet"),
    path("<int:pk>/plan.<slug:form>", plans.own_file, name="plan_file"),
]

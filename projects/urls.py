from django.urls import path

from directory.views.browse import export

from . import views
from .listings import PROJECT

urlpatterns = [
    path("projets/", views.projects, name="projects"),
    path("projets/export.csv", export, {"kind": PROJECT}, name="projects_export"),
    path("projets/nouveau/", views.new, name="project_new"),
    path("projets/<slug:slug>/", views.project, name="project"),
    path("projets/<slug:slug>/modifier/", views.edit, name="project_edit"),
    path("projets/<slug:slug>/modifier/<slug:step>/", views.step, name="project_step"),
    path("projets/<slug:slug>/changer/", views.change, name="project_change"),
]

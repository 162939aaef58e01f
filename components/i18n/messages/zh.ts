import annotator from './zh/annotator.json'
import assist from './zh/assist.json'
import auth from './zh/auth.json'
import charts from './zh/charts.json'
import common from './zh/common.json'
import dataset from './zh/dataset.json'
import errors from './zh/errors.json'
import images from './zh/images.json'
import ingest from './zh/ingest.json'
import labels from './zh/labels.json'
import models from './zh/models.json'
import projects from './zh/projects.json'
import review from './zh/review.json'
import runs from './zh/runs.json'
import settings from './zh/settings.json'
import team from './zh/team.json'

/** One namespace an area of the product; each area's page owns its file. */
export default {
  annotator,
  assist,
  auth,
  charts,
  common,
  dataset,
  errors,
  images,
  ingest,
  labels,
  models,
  projects,
  review,
  runs,
  settings,
  team,
}

import annotator from './en/annotator.json'
import assist from './en/assist.json'
import auth from './en/auth.json'
import charts from './en/charts.json'
import common from './en/common.json'
import dataset from './en/dataset.json'
import errors from './en/errors.json'
import images from './en/images.json'
import ingest from './en/ingest.json'
import labels from './en/labels.json'
import models from './en/models.json'
import projects from './en/projects.json'
import review from './en/review.json'
import runs from './en/runs.json'
import settings from './en/settings.json'
import team from './en/team.json'

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

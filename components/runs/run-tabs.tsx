'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Tab, TabList, TabPanel, Tabs } from '../ui/tabs.tsx'
import { ArtefactList } from './artefacts/artefact-list.tsx'
import { CheckpointList } from './checkpoint-list.tsx'
import { EventList } from './event-list.tsx'
import { ExampleList } from './examples/example-list.tsx'
import type { RunHistory } from './fold-events.ts'
import { LogView } from './log-view.tsx'
import { RunConfigView } from './run-config-view.tsx'
import type { Run } from './use-live-run.ts'

const TABS = ['artefacts', 'examples', 'events', 'log', 'checkpoints', 'config'] as const
type TabName = (typeof TABS)[number]

export function RunTabs({ run, history }: { run: Run; history: RunHistory }) {
  const t = useTranslations('runs')
  const [tab, setTab] = useState<TabName>('artefacts')
  const needsLog = run.status === 'failed' || run.status === 'lost'
  return (
    <Tabs
      value={tab}
      onValueChange={(next) => setTab(TABS.find((name) => name === next) ?? 'artefacts')}
      className="space-y-3"
    >
      <TabList>
        {TABS.map((name) => (
          <Tab key={name} value={name}>
            {t(`tabs.${name}`)}
            {name === 'log' && needsLog && <span aria-hidden className="size-1.5 rounded-full bg-danger" />}
          </Tab>
        ))}
      </TabList>
      <TabPanel value="artefacts">
        <ArtefactList run={run} />
      </TabPanel>
      <TabPanel value="examples">
        <ExampleList runId={run.id} groups={history.examples} />
      </TabPanel>
      <TabPanel value="events">
        <EventList history={history} />
      </TabPanel>
      {/* Mounted only while it is shown: an open log holds a connection of its own. */}
      <TabPanel value="log">{tab === 'log' && <LogView runId={run.id} />}</TabPanel>
      <TabPanel value="checkpoints">
        <CheckpointList run={run} history={history} />
      </TabPanel>
      <TabPanel value="config">
        <RunConfigView config={run.config} />
      </TabPanel>
    </Tabs>
  )
}

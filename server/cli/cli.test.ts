import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { seedUser } from '../../prisma/seed/people.ts'
import { testStudio } from '../../prisma/seed/studio.ts'
import { ProjectId } from '../contracts/ids.ts'
import { VersionOptions } from '../contracts/version.ts'
import { createSampleProject } from '../samples/create-sample-project.ts'
import { checkDataFolder, checkNodeVersion, checkPython } from './doctor/checks.ts'

const GOLDEN = path.resolve('server/grounding/golden/records.json')
const folder = mkdtempSync(path.join(tmpdir(), 'refbox-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The command as a person types it in `folder`. */
function refboxOn(data: string, words: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'server/cli/main.ts', ...words], {
    env: { ...process.env, INIT_CWD: folder, REFBOX_DATA: data },
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })))
}
const refbox = (...words: string[]) => refboxOn(path.join(folder, 'data'), words)

describe('refbox', { timeout: 120_000 }, () => {
  test('converts, with paths taken from where the person is, and answers machines in JSON', async () => {
    const { code, out } = await refbox(
      'convert',
      '--json',
      '--from',
      'internvl',
      '--to',
      'coco',
      GOLDEN,
      'coco.json',
    )
    expect(code).toBe(0)
    const answer = JSON.parse(out)
    expect(answer).toMatchObject({ ok: true, records: 2, files: [path.join(folder, 'coco.json')] })
    expect(JSON.parse(readFileSync(path.join(folder, 'coco.json'), 'utf8')).images).toHaveLength(2)
  })

  test('names what is wrong on standard error, ends with 2 and writes nothing', async () => {
    writeFileSync(path.join(folder, 'bad.jsonl'), '{"id": 1, "conversations": []}\n')
    const convert = ['convert', '--from', 'internvl', '--to', 'coco', 'bad.jsonl', 'bad.json']
    const { code, out, err } = await refbox(...convert)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('bad.jsonl:1:conversations: ')
    expect(readdirSync(folder).filter((name) => name.startsWith('bad.json.'))).toEqual([])
    const machine = await refbox('--json', ...convert)
    expect(machine.code).toBe(2)
    expect(JSON.parse(machine.out)).toMatchObject({ ok: false, code: 'BAD_FILE', details: { count: 1 } })
  })

  test('refuses words it does not know', async () => {
    const { code, err } = await refbox('convert', '--from', 'yolo9000', '--to', 'coco', 'a', 'b')
    expect(code).toBe(2)
    expect(err).toContain('Allowed choices are')
  })

  test('draws a sample that is a data set', async () => {
    const { code } = await refbox('sample', '--out', 'charts', '--count', '5', '--seed', '9', '--lang', 'zh')
    expect(code).toBe(0)
    const made = path.join(folder, 'charts')
    expect(readdirSync(path.join(made, 'images'))).toHaveLength(5)
    expect(
      readFileSync(path.join(made, 'flowcharts_train.jsonl'), 'utf8').trimEnd().split('\n'),
    ).toHaveLength(4)
    expect(readFileSync(path.join(made, 'flowcharts_val.jsonl'), 'utf8')).toContain('请提供以下描述')
  })

  test('draws charts of files, the same bytes for the same seed, and says where a file is wrong', async () => {
    writeFileSync(path.join(folder, 'login.mmd'), 'flowchart TD\n a([Login]) --> b{Paid?}\n')
    writeFileSync(path.join(folder, 'flow.dot'), 'digraph { 登录 -> 首页 }')
    const words = [
      '--from',
      'login.mmd',
      '--from',
      'flow.dot',
      '--copies',
      '2',
      '--random',
      '1',
      '--lang',
      'zh',
    ]
    const [one, two] = [await refbox('draw', ...words, 'drawn1'), await refbox('draw', ...words, 'drawn2')]
    expect([one.code, two.code]).toEqual([0, 0])
    const read = (made: string, file: string) => readFileSync(path.join(folder, made, file))
    const images = readdirSync(path.join(folder, 'drawn1/images'))
    expect(images.map((name) => name.replace(/\.\w+$/, '')).sort()).toEqual([
      ...['flow_0003', 'flow_0004', 'flowchart_0005', 'login_0001', 'login_0002'],
    ])
    for (const file of [...images.map((name) => `images/${name}`), 'flowcharts_train.jsonl']) {
      expect(read('drawn1', file).equals(read('drawn2', file))).toBe(true)
    }
    expect(read('drawn1', 'flowcharts_train.jsonl').toString()).toContain('<ref>判断</ref>')
    writeFileSync(path.join(folder, 'wrong.mmd'), 'flowchart TD\n a[f(x)]\n')
    const refused = await refbox('draw', '--from', 'wrong.mmd', 'drawn3')
    expect(refused.code).toBe(2)
    expect(refused.err).toContain('wrong.mmd:2: ')
    expect(readdirSync(folder)).not.toContain('drawn3')
  })

  test('exports a version into a folder of its own and never into one that is there', async () => {
    const studio = await testStudio()
    const owner = await seedUser(studio)
    const sample = await createSampleProject(studio, owner.id, 'en', { annotated: 5, bare: 0 })
    const { hash } = await studio.as(owner).versions.freeze({
      projectId: ProjectId.parse(sample.id),
      name: '',
      options: VersionOptions.parse({ conversation: {} }),
    })
    const words = ['export', '--project', 'Sample: flowcharts', '--version', hash.slice(0, 6), 'out']
    try {
      const exported = await refboxOn(studio.paths.root, words)
      expect(exported).toMatchObject({ code: 0, err: '' })
      const images = path.join(folder, 'out/images')
      // A copy, not a link: whoever gets the folder may change its pictures.
      for (const file of readdirSync(images)) expect(statSync(path.join(images, file)).nlink).toBe(1)
      expect(readdirSync(images)).toHaveLength(5)
      expect(await refboxOn(studio.paths.root, words)).toMatchObject({ code: 2 })
    } finally {
      await studio.dispose()
    }
  })
})

describe('the doctor', () => {
  test('says what to do about an old Node, a missing Python and a folder nobody may write', async () => {
    expect(checkNodeVersion('18.19.1')).toMatchObject({
      state: 'failed',
      advice: 'Install Node 20.19 or newer.',
    })
    expect(checkNodeVersion('20.18.9').state).toBe('failed')
    expect(checkNodeVersion('20.19.0').state).toBe('ok')
    expect(checkNodeVersion('24.0.0').state).toBe('ok')
    const python = await checkPython(path.join(folder, 'no/such/python'))
    expect(python).toMatchObject({ state: 'failed', detail: expect.stringContaining('does not exist') })
    expect(await checkDataFolder(path.join(folder, 'no/such/folder'))).toMatchObject({ state: 'failed' })
    expect(await checkDataFolder(path.join(folder, 'new'))).toMatchObject({ state: 'ok' })
  })
})

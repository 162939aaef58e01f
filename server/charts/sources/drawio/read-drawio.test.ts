import { deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { Notes, SourceRefused } from '../report.ts'
import { readDrawio } from './read-drawio.ts'

const MODEL = `<mxGraphModel>
  <root>
    <mxCell id="0"/>
    <mxCell id="1" parent="0"/>
    <mxCell id="a" value="&lt;b&gt;Log in&lt;/b&gt;&lt;br&gt;now" style="rounded=1;arcSize=50;" vertex="1" parent="1">
      <mxGeometry x="40" y="20" width="120" height="40" as="geometry"/>
    </mxCell>
    <mxCell id="b" value="Paid?" style="rhombus;whiteSpace=wrap" vertex="1" parent="1">
      <mxGeometry x="40" y="120" width="120" height="80" as="geometry"/>
    </mxCell>
    <mxCell id="lane" value="Team" style="swimlane;startSize=20" vertex="1" parent="1">
      <mxGeometry x="300" y="100" width="200" height="200" as="geometry"/>
    </mxCell>
    <object label="Store &amp;amp; go" id="c">
      <mxCell style="shape=cylinder3;" vertex="1" parent="lane">
        <mxGeometry x="40" y="60" width="80" height="80" as="geometry"/>
      </mxCell>
    </object>
    <mxCell id="e1" edge="1" parent="1" source="a" target="b" style="edgeStyle=orthogonalEdgeStyle;exitX=0.5;exitY=1;">
      <mxGeometry relative="1" as="geometry"><Array as="points"><mxPoint x="100" y="90"/></Array></mxGeometry>
    </mxCell>
    <mxCell id="e2" value="yes" edge="1" parent="1" source="b" target="c" style="dashed=1;startArrow=oval;endArrow=none">
      <mxGeometry relative="1" as="geometry"/>
    </mxCell>
    <mxCell id="word" value="really" style="edgeLabel" vertex="1" connectable="0" parent="e2">
      <mxGeometry x="-0.2" relative="1" as="geometry"/>
    </mxCell>
    <mxCell id="e3" edge="1" parent="1" source="b"><mxGeometry relative="1" as="geometry"/></mxCell>
    <mxCell id="odd" value="?" style="shape=mxgraph.aws4.lambda" vertex="1" parent="1">
      <mxGeometry x="0" y="400" width="50" height="50" as="geometry"/>
    </mxCell>
  </root>
</mxGraphModel>`

test('shapes, groups, connectors and their places are read', () => {
  const notes = new Notes()
  const [chart] = readDrawio(MODEL, 'a', notes)
  expect(chart?.nodes).toEqual([
    { id: 'a', shape: 'stadium', text: 'Log in\nnow', frame: { x: 40, y: 20, width: 120, height: 40 } },
    { id: 'b', shape: 'diamond', text: 'Paid?', frame: { x: 40, y: 120, width: 120, height: 80 } },
    { id: 'c', shape: 'cylinder', text: 'Store & go', frame: { x: 340, y: 160, width: 80, height: 80 } },
    { id: 'odd', shape: 'rectangle', text: '?', frame: { x: 0, y: 400, width: 50, height: 50 } },
  ])
  expect(chart?.groups).toMatchObject([{ id: 'lane', text: 'Team', members: ['c'], parent: null }])
  expect(chart?.edges).toEqual([
    {
      from: 'a',
      to: 'b',
      text: null,
      startHead: 'none',
      endHead: 'arrow',
      line: 'solid',
      way: { corners: [{ x: 100, y: 90 }], isOrthogonal: true, exit: { x: 0.5, y: 1 }, entry: null },
    },
    {
      from: 'b',
      to: 'c',
      text: 'yes\nreally',
      startHead: 'circle',
      endHead: 'none',
      line: 'dashed',
      way: { corners: [], isOrthogonal: false, exit: null, entry: null },
    },
  ])
  expect(notes.of('a.drawio').map(({ reason, line }) => [reason, line])).toEqual([
    ['unknownShape', 29],
    ['looseArrow', 28],
  ])
})

test('compressed pages say the same as plain ones, and every page with shapes is a chart', () => {
  const packed = deflateRawSync(Buffer.from(encodeURIComponent(MODEL))).toString('base64')
  const empty = '<diagram name="empty"><mxGraphModel><root/></mxGraphModel></diagram>'
  const file = `<mxfile>\n<diagram name="one">${packed}</diagram><diagram name="two">${MODEL}</diagram>${empty}</mxfile>`
  const notes = new Notes()
  const [one, two, ...others] = readDrawio(file, 'a', notes)
  expect(others).toEqual([])
  expect({ ...one, name: '' }).toEqual({ ...two, name: '' })
  expect([one?.name, two?.name]).toEqual(['a one', 'a two'])
  expect(notes.of('a').map(({ reason }) => reason)).toContain('emptyPage')
})

test.each([
  ['<mxfile>\n<diagram>%%%</diagram></mxfile>', 'drawioCompressed', 2],
  ['<mxfile>\n<diagram></mxfile>', 'xmlSyntax', 2],
  ['<html/>', 'drawioNotDrawio', 1],
  [MODEL.replace('width="120" height="40"', 'width="-1"'), 'drawioGeometry', 5],
])('%# is refused with its line', (text, reason, line) => {
  expect(() => readDrawio(text, 'a', new Notes())).toThrow(SourceRefused)
  try {
    readDrawio(text, 'a', new Notes())
  } catch (error) {
    expect(error).toMatchObject({ reason, line })
  }
})

import type { PromptLanguage } from '../contracts/project.ts'
import type { Random } from './random.ts'

/** Shapes of invented charts; each has its own words. */
export const INVENTED_SHAPES = ['rectangle', 'diamond', 'stadium', 'parallelogram', 'document'] as const
export type InventedShape = (typeof INVENTED_SHAPES)[number]

interface Vocabulary {
  verbs: readonly string[]
  nouns: readonly string[]
  /** Between verb and noun. */
  space: string
  questions: readonly string[]
  data: readonly string[]
  documents: readonly string[]
  starts: readonly string[]
  ends: readonly string[]
  yes: string
  no: string
}

const words = (text: string) => text.split(' / ')

export const VOCABULARY: Record<PromptLanguage, Vocabulary> = {
  en: {
    verbs: words('Check / Send / Load / Sort / Store / Update / Pack / Scan / Merge / Print / Sign / Pay'),
    nouns: words('order / report / files / stock / record / queue / parcel / user / batch / model / ticket'),
    space: ' ',
    questions: words(
      'Valid? / In stock? / Paid? / Ready? / New user? / Error? / Full? / Approved? / x > 0? / Logged in?',
    ),
    data: words('Orders / Input / Sensor data / Results / Price list / Readings / Settings / Names'),
    documents: words('Invoice / Report / Receipt / Contract / Label / Letter / Summary'),
    starts: words('Start / Begin / New order / Open / Login'),
    ends: words('End / Done / Stop / Finish / Cancel / Reject'),
    yes: 'Yes',
    no: 'No',
  },
  zh: {
    verbs: words('检查 / 发送 / 加载 / 排序 / 保存 / 更新 / 打包 / 扫描 / 合并 / 打印 / 审核 / 支付'),
    nouns: words('订单 / 报告 / 文件 / 库存 / 记录 / 队列 / 包裹 / 用户 / 批次 / 模型 / 工单'),
    space: '',
    questions: words(
      '有效？ / 有库存？ / 已付款？ / 就绪？ / 新用户？ / 出错？ / 已满？ / 批准？ / 已登录？',
    ),
    data: words('订单数据 / 输入 / 传感器数据 / 结果 / 价目表 / 读数 / 设置 / 名单'),
    documents: words('发票 / 报告 / 收据 / 合同 / 标签 / 信函 / 摘要'),
    starts: words('开始 / 启动 / 新订单 / 打开 / 登录'),
    ends: words('结束 / 完成 / 停止 / 取消 / 拒绝'),
    yes: '是',
    no: '否',
  },
}

/** The text inside a shape; first and last steps of a chart get their own words. */
export function wordsFor(
  shape: InventedShape,
  place: 'first' | 'inner' | 'last',
  language: PromptLanguage,
  random: Random,
): string {
  const vocabulary = VOCABULARY[language]
  switch (shape) {
    case 'rectangle':
      return `${random.pick(vocabulary.verbs)}${vocabulary.space}${random.pick(vocabulary.nouns)}`
    case 'diamond':
      return random.pick(vocabulary.questions)
    case 'parallelogram':
      return random.pick(vocabulary.data)
    case 'document':
      return random.pick(vocabulary.documents)
    case 'stadium':
      return random.pick(place === 'first' ? vocabulary.starts : vocabulary.ends)
  }
}

/** The published sizes of InternVL2 with what one fetches of each, in gigabytes (bfloat16 safetensors). */
export const PUBLISHED_MODELS = [
  { repository: 'OpenGVLab/InternVL2-1B', gigabytes: 1.8 },
  { repository: 'OpenGVLab/InternVL2-2B', gigabytes: 4.2 },
  { repository: 'OpenGVLab/InternVL2-4B', gigabytes: 7.8 },
  { repository: 'OpenGVLab/InternVL2-8B', gigabytes: 16 },
  { repository: 'OpenGVLab/InternVL2-26B', gigabytes: 48 },
  { repository: 'OpenGVLab/InternVL2-40B', gigabytes: 75 },
  { repository: 'OpenGVLab/InternVL2-Llama3-76B', gigabytes: 143 },
] as const

/** Where the bytes of a picture are; its tiles lie below it. */
export const imageUrl = (imageId: string) => `/api/images/${imageId}`

/**
 * Images in regular files: numpy's {@code .npy}, raw bytes, pictures as PNG, and formats that are found as services.
 * Works on typed images in memory and does not use streams or arrays. May import {@code image.pixel}, {@code image.plot},
 * {@code memory}, {@code files} and {@code error}.
 */
package org.shmrt.image;

/**
 * Images in ordinary files: numpy's {@code .npy}, raw bytes, grey pictures and line plots as PNG, and formats that
 * come as a service. Works on typed images in memory and knows no stream or array; may import {@code memory},
 * {@code files}, {@code error} and java.desktop, which only plots need.
 */
package org.shmrt.image;

/**
 * Where things lie in a stream's file: offsets, sizes and encodings as data, which a format builds and the engine in
 * {@code stream} uses. May import {@code memory}, {@code posix} and {@code error}.
 */
package org.shmrt.stream.format;

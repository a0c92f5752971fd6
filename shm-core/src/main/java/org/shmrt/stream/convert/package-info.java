/** Copies of streams: into another format, another depth, another type of element. */
package org.shmrt.stream.convert;

/**
 * The milk format (ImageStreamIO 2.00): where its fields and regions are, how its files are recognised and filled.
 * Reached only through {@link org.shmrt.stream.format.StreamFormat}; imports {@code stream} and {@code memory}.
 */
package org.shmrt.stream.format.milk;

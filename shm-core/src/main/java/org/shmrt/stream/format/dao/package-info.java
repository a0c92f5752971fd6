/**
 * The DAO format: the positions of its fields, and the detection, naming, initialisation and repair of its files. Used
 * only through {@link org.shmrt.stream.format.StreamFormat}.
 */
package org.shmrt.stream.format.dao;

// May import: stream.format, memory, text, error.

/**
 * The DAO format: the positions of its fields, and the detection, naming, initialisation and repair of its files. Used
 * only through {@link org.shmrt.stream.format.StreamFormat}, except for the type codes, which DAO's network service uses
 * too.
 */
package org.shmrt.stream.format.dao;

// May import: stream.format, memory, text, error.

/** The keyword table of a mapped stream: its records as bytes, and changes of the table. */
package org.shmrt.stream.keyword.table;

// May import: stream.keyword, stream.engine, stream.format, posix, text, error.

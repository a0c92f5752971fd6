// May import: keyword, engine, format, posix, text, error.
/** The keyword table of a mapped stream: its records as bytes, and changes of them. */
package org.shmrt.stream.keyword.table;

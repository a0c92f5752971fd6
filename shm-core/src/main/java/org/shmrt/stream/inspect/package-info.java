/**
 * Reports on streams without changing them: what the header contains, what is wrong with it, and what can be repaired.
 * Also the repair itself, the removal of many streams, and the directory where streams are looked up by name.
 */
package org.shmrt.stream.inspect;

// May import: stream.keyword.table, stream.keyword, stream.engine, stream.format, posix, text, error.

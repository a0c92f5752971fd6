/** The keyword table of a mapped stream: its records as bytes, and changes of the table. */
package org.shmrt.stream.keyword.table;

/** The keywords of a stream: lookup, change and removal in a table that other programs also change. */
package org.shmrt.stream.keyword;

// May import: error.

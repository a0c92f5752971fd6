/** The keywords of a stream: lookup, change and removal in the table that other programs change as well. */
package org.shmrt.stream.keyword;

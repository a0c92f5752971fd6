/** The verbs for one stream: create, info, read, write, keyword, repair, convert, rm. */
package org.shmrt.cli.stream;

/** The verb {@code list} and the rows it prints. */
package org.shmrt.cli.list;

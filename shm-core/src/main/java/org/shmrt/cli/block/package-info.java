/** The verbs of {@code shm block}. */
package org.shmrt.cli.block;

/** Verbs that follow a stream while it runs. */
package org.shmrt.cli.monitor;

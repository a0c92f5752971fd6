/** What is generated from the model of the command line: manual pages, and the scripts that complete words in shells. */
package org.shmrt.cli.guide;

// May import: cli.verb, error.

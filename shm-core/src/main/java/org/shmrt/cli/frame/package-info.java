/**
 * How verbs obtain frames: the options for waiting, the history of a stream, memory for frames. May import
 * {@code cli.verb} and the libraries below {@code cli}.
 */
package org.shmrt.cli.frame;

/**
 * The {@code shm} command: {@link org.shmrt.cli.Shm} is its main class. Each verb is a class in the package of what it
 * works on, and these packages do not use each other, except that {@code cli.top} and {@code cli.view} show what
 * {@code cli.loop} and {@code cli.monitor} print. What they share is in {@code cli.verb}, {@code cli.frame},
 * {@code cli.picture} and {@code cli.report}. No other package imports {@code cli}. An error is one line on standard error;
 * the exit status is 0 done, 1 failed, 2 wrong usage, 3 timed out.
 */
package org.shmrt.cli;

// May import: cli.camera, cli.record, cli.latency, cli.metrics, cli.list, cli.loop, cli.doctor, cli.fits,
// cli.monitor, cli.show, cli.stream, cli.array, cli.block, cli.guide, cli.verb, demo, text, cli.view, cli.top,
// cli.relay, error.

/** The verbs that operators know from cacao: {@code fits2shm}, {@code shm2fits}, {@code link}. */
package org.shmrt.cli.fits;

// May import: cli.frame, cli.verb, cacao, stream, fits.provider, fits, fits.card, memory, text, error.

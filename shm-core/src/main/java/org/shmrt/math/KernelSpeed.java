package org.shmrt.math;

/**
 * The measured speed of one implementation.
 *
 * @param kind the implementation
 * @param medianNs median time of one call in ns, on the thread that warmed up
 */
public record KernelSpeed(KernelKind kind, double medianNs) {}

/**
 * Line plots and the PNG encoder. May import {@code files} and {@code error}; only the classes of plots use java.desktop.
 */
package org.shmrt.image.plot;

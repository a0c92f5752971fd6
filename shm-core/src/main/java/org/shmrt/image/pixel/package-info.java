/**
 * Arithmetic on the elements of images: conversion to Java numbers, mapping to grey levels, byte and axis order. May
 * import {@code memory}.
 */
package org.shmrt.image.pixel;

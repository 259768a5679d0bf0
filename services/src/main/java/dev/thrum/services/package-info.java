/** Ready-made line and UDP services: console, echo, greeter, chat, UDP echo and time. */
@NullMarked
package dev.thrum.services;

import org.jspecify.annotations.NullMarked;

// Short names for the long calls that every feature makes; half a kilobyte of the script's budget.

export const on = (target, type, act, options) => target.addEventListener(type, act, options);
export const all = (root, selector) => root.querySelectorAll(selector);
export const set = (element, name, value) => element.setAttribute(name, value);

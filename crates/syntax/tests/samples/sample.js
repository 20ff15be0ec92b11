'use strict'
import def, { a, b as c } from './module.js'
import * as all from '@scope/pkg/sub'
import 'side-effect'
export { x, y as z } from './other'
export * from './everything'
const fs = require('fs')
const { join } = require('path')
const late = await import('./late.js')
require(name)

var app = exports = module.exports = {}

/** Uses a function. */
app.use = function use (fn, options) {
  if (fn && options || !fn) {
    return null
  } else if (options) {
    for (const key in options) { use(key) }
  } else {
    try { fn() } catch (err) { throw err }
  }
  return fn ? 1 : process.env.NODE_ENV
}

exports.parse = (text) => text ?? 'none'

class Queue extends Base {
  #hidden = 1
  static size = 3
  push = (item) => { this.items.push(item) }
  async get (id, ...rest) { return fetch(`/x/${id}`) }
}

export default function main (argv) {
  switch (argv.length) {
    case 1: return new Queue()
    default: outer: while (true) { break outer }
  }
  app.get('/path', (req, res) => { res.send('ok') })
}
export const LIMIT = 3, other = x => x
function hidden () { function inner () {} }
module.exports = { Queue, kept: hidden }

import type { Thing } from './types';
import fs = require('fs');
export type Pair<T> = [T, T];
export interface Keeper { keep(key: string): void; size: number }
export enum Colour { Red, Green }
export abstract class Store<T> implements Keeper {
  private items: T[] = [];
  constructor(public readonly name: string, protected limit = 3) { super(); }
  abstract open(path: string): Promise<void>;
  protected grow(by?: number): void { if (by) { this.grow(by - 1); } }
  keep(key: string) { return this.items?.find((item) => item === key) as T; }
}
namespace Inner { export function helper(): number { return 1; } }
declare function declared(a: string): void;
declare module 'other' { export const x: number; }
@Controller('users')
export class Users {
  @Get(':id') find(@Param('id') id: string) { return id; }
}
export const make = async <T,>(of: T): Promise<T> => { return of; };

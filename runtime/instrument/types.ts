/** The types of `instrument`: one name for decorators of both standards and for function values. */
// A decorator has to fit members of every type: contexts and values are `any`, as in TypeScript's own.
// oxlint-disable typescript/no-explicit-any
import type { InstrumentOptions } from "./options.ts";

type AnyFunction = (this: any, ...args: any[]) => any;

/** A decorator of methods, accessors, fields that hold a function, and classes. */
export interface InstrumentDecorator {
  <T extends AnyFunction>(
    value: T,
    context:
      | ClassMethodDecoratorContext<any, any>
      | ClassGetterDecoratorContext<any, any>
      | ClassSetterDecoratorContext<any, any>,
  ): T;
  <T extends abstract new (...args: any) => any>(value: T, context: ClassDecoratorContext<any>): void;
  <T extends ClassAccessorDecoratorTarget<any, any>>(
    value: T,
    context: ClassAccessorDecoratorContext<any, any>,
  ): ClassAccessorDecoratorResult<any, any>;
  (value: undefined, context: ClassFieldDecoratorContext<any, any>): (value: any) => any;
  /** As `experimentalDecorators` calls it. */
  (target: object, key: string | symbol, descriptor?: PropertyDescriptor): any;
  <T extends abstract new (...args: any) => any>(value: T): void;
}

/** `@instrument`, `@instrument("name")`, `@instrument({ … })`, `instrument(fn, { … })`. */
export interface Instrument extends InstrumentDecorator {
  /** A function that does what `fn` does, in a span of its own. */
  <F extends AnyFunction>(fn: F, options?: InstrumentOptions | string): F;
  (options: InstrumentOptions | string): InstrumentDecorator;
  (): InstrumentDecorator;
}

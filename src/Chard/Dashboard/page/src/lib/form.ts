import { isObject, parseJson, showJson } from './json.ts';
import { resolve, typesOf } from './schema.ts';
import type { Fault, Json, JsonObject } from './types.ts';

export type FieldKind = 'text' | 'number' | 'boolean' | 'choice' | 'json';

export interface FormField {
    name: string;
    kind: FieldKind;
    required: boolean;
    nullable: boolean;
    choices: Json[];
    hint: string;
}

// The fields of an arguments' schema; null where it is no plain object, and only JSON will do.
export function fieldsOf(schema: Json): FormField[] | null {
    const rules = resolve(schema, schema);
    if (rules === null || !isObject(rules['properties']) || !typesOf(rules).includes('object')) return null;
    const required = Array.isArray(rules['required']) ? rules['required'] : [];
    return Object.entries(rules['properties']).map(([name, property]) => {
        const { rules: inner, nullable } = orNull(resolve(property, schema) ?? {}, schema);
        const shape = shapeOf(inner);
        return { name, required: required.includes(name), ...shape, nullable: nullable || shape.nullable, hint: hintOf(inner) };
    });
}

// "This or null", as schemas write it for what is named elsewhere.
function orNull(rules: JsonObject, root: Json): { rules: JsonObject; nullable: boolean } {
    const alternatives = rules['oneOf'] ?? rules['anyOf'];
    if (!Array.isArray(alternatives)) return { rules, nullable: false };
    const others = alternatives.map(each => resolve(each, root) ?? {}).filter(each => typesOf(each).join() !== 'null');
    const [only] = others;
    const nullable = others.length < alternatives.length;
    if (others.length !== 1 || only === undefined) return { rules, nullable };
    const { oneOf: _one, anyOf: _any, ...beside } = rules;
    return { rules: { ...only, ...beside }, nullable };
}

function shapeOf(rules: JsonObject): { kind: FieldKind; nullable: boolean; choices: Json[] } {
    const types = typesOf(rules);
    const nullable = types.includes('null');
    const [type, ...others] = types.filter(each => each !== 'null');
    if (Array.isArray(rules['enum'])) return { kind: 'choice', nullable, choices: rules['enum'].filter(each => each !== null) };
    if (others.length > 0) return { kind: 'json', nullable, choices: [] };
    const kind =
        type === 'string' ? 'text' : type === 'integer' || type === 'number' ? 'number' : type === 'boolean' ? 'boolean' : 'json';
    return { kind, nullable, choices: [] };
}

function hintOf(rules: JsonObject): string {
    const { description, minimum, maximum, format } = rules;
    const told: string[] = [];
    const types = typesOf(rules).join(' or ');
    if (types) told.push(types);
    if (typeof format === 'string') told.push(format);
    if (typeof minimum === 'number') told.push(`${minimum} or more`);
    if (typeof maximum === 'number') told.push(`${maximum} or less`);
    if (rules['default'] !== undefined) told.push(`${JSON.stringify(rules['default'])} if left out`);
    return [description, told.join(', ')].filter(each => typeof each === 'string' && each !== '').join(' – ');
}

// The document of what was typed in. An optional field that is left empty is left out.
export function readForm(
    fields: readonly FormField[],
    values: Readonly<Record<string, string>>,
): { value: JsonObject; faults: Fault[] } {
    const value: JsonObject = {};
    const faults: Fault[] = [];
    for (const field of fields) {
        const text = values[field.name] ?? '';
        if (text === '') {
            // An empty text is a text where one has to be.
            if (field.required && field.kind === 'text') value[field.name] = field.nullable ? null : '';
            else if (field.required && field.nullable) value[field.name] = null;
            else if (field.required) faults.push({ pointer: `/${field.name}`, message: 'is missing' });
            continue;
        }
        try {
            value[field.name] = field.kind === 'text' ? text : parseJson(text);
        } catch {
            faults.push({ pointer: `/${field.name}`, message: field.kind === 'number' ? 'is no number' : 'is no JSON' });
        }
    }
    return { value, faults };
}

// The other way round, for who switches from JSON back to fields. Members that have no field are not lost: null says that they would be.
export function fillForm(fields: readonly FormField[], value: Json): Record<string, string> | null {
    if (!isObject(value)) return null;
    const values: Record<string, string> = {};
    for (const [name, member] of Object.entries(value)) {
        const field = fields.find(each => each.name === name);
        if (!field) return null;
        if (member === null && field.nullable) values[name] = field.kind === 'json' || field.kind === 'choice' ? 'null' : '';
        else if (field.kind === 'text') {
            if (typeof member !== 'string') return null;
            values[name] = member;
        } else values[name] = field.kind === 'json' ? showJson(member) : JSON.stringify(member);
    }
    return values;
}

import { escapePointer, isObject } from './json.ts';
import type { Fault, Json, JsonObject } from './types.ts';

// As much of JSON Schema as arguments of tasks use; what is not known here the server checks.
export function checkSchema(value: Json, schema: Json, root: Json = schema, pointer = ''): Fault[] {
    if (schema === false) return [fault(pointer, 'nothing may stand here')];
    const rules = resolve(schema, root);
    if (rules === null) return [];
    const alternatives = rules['anyOf'] ?? rules['oneOf'];
    const faults =
        Array.isArray(alternatives) && !alternatives.some(each => checkSchema(value, each, root, pointer).length === 0)
            ? [fault(pointer, 'fits none of the forms that are allowed')]
            : [];
    const parts = rules['allOf'];
    if (Array.isArray(parts)) faults.push(...parts.flatMap(each => checkSchema(value, each, root, pointer)));
    const types = typesOf(rules);
    if (types.length > 0 && !types.some(type => isOfType(value, type))) {
        return [fault(pointer, `should be ${types.join(' or ')}, is ${typeName(value)}`)];
    }
    const allowed = rules['enum'];
    if (Array.isArray(allowed) && !allowed.some(each => JSON.stringify(each) === JSON.stringify(value))) {
        faults.push(fault(pointer, `should be one of ${allowed.map(each => JSON.stringify(each)).join(', ')}`));
    }
    if (typeof value === 'number') faults.push(...checkNumber(value, rules, pointer));
    if (typeof value === 'string') faults.push(...checkString(value, rules, pointer));
    if (Array.isArray(value)) faults.push(...checkArray(value, rules, root, pointer));
    if (isObject(value)) faults.push(...checkObject(value, rules, root, pointer));
    return faults;
}

// The schema itself or what its $ref leads to within the document; null where there is nothing to hold to.
export function resolve(schema: Json | undefined, root: Json, depth = 0): JsonObject | null {
    if (!isObject(schema)) return null;
    const reference = schema['$ref'];
    if (typeof reference !== 'string' || depth > 16) return schema;
    if (!reference.startsWith('#')) return null;
    let at: Json | undefined = root;
    for (const part of reference.slice(1).split('/').slice(1)) {
        const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
        at = Array.isArray(at) ? at[Number(name)] : isObject(at) ? at[name] : undefined;
    }
    const target = resolve(at, root, depth + 1);
    if (target === null) return null;
    const { $ref: _, ...beside } = schema;
    return { ...target, ...beside };
}

export function typesOf(rules: JsonObject): string[] {
    const type = rules['type'];
    return Array.isArray(type) ? type.filter(each => typeof each === 'string') : typeof type === 'string' ? [type] : [];
}

function isOfType(value: Json, type: string): boolean {
    switch (type) {
        case 'null':
            return value === null;
        case 'array':
            return Array.isArray(value);
        case 'object':
            return isObject(value);
        case 'integer':
            return (typeof value === 'number' && Number.isInteger(value)) || isRaw(value);
        case 'number':
            return typeof value === 'number' || isRaw(value);
        default:
            return typeof value === type;
    }
}

// A number kept as it was written (see parseJson).
function isRaw(value: Json): boolean {
    return typeof value === 'object' && value !== null && !Array.isArray(value) && !isObject(value);
}

function typeName(value: Json): string {
    return value === null ? 'null' : Array.isArray(value) ? 'array' : isRaw(value) ? 'number' : typeof value;
}

function checkNumber(value: number, rules: JsonObject, pointer: string): Fault[] {
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = rules;
    const faults: Fault[] = [];
    if (typeof minimum === 'number' && value < minimum) faults.push(fault(pointer, `should be ${minimum} or more`));
    if (typeof maximum === 'number' && value > maximum) faults.push(fault(pointer, `should be ${maximum} or less`));
    if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum)
        faults.push(fault(pointer, `should be more than ${exclusiveMinimum}`));
    if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum)
        faults.push(fault(pointer, `should be less than ${exclusiveMaximum}`));
    return faults;
}

function checkString(value: string, rules: JsonObject, pointer: string): Fault[] {
    const { minLength, maxLength } = rules;
    const length = [...value].length;
    if (typeof minLength === 'number' && length < minLength)
        return [fault(pointer, `should have ${minLength} characters or more`)];
    if (typeof maxLength === 'number' && length > maxLength)
        return [fault(pointer, `should have ${maxLength} characters or fewer`)];
    return [];
}

function checkArray(value: Json[], rules: JsonObject, root: Json, pointer: string): Fault[] {
    const items = rules['items'];
    return items === undefined ? [] : value.flatMap((item, index) => checkSchema(item, items, root, `${pointer}/${index}`));
}

function checkObject(value: JsonObject, rules: JsonObject, root: Json, pointer: string): Fault[] {
    const { required, properties, additionalProperties } = rules;
    const known = isObject(properties) ? properties : {};
    const faults: Fault[] = [];
    for (const name of Array.isArray(required) ? required : []) {
        if (typeof name === 'string' && !Object.hasOwn(value, name)) faults.push(fault(pointer, `'${name}' is missing`));
    }
    for (const [name, member] of Object.entries(value)) {
        const place = `${pointer}/${escapePointer(name)}`;
        const rule = Object.hasOwn(known, name) ? known[name] : additionalProperties;
        if (rule === false && !Object.hasOwn(known, name)) faults.push(fault(place, 'is not known'));
        else if (rule !== undefined) faults.push(...checkSchema(member, rule, root, place));
    }
    return faults;
}

function fault(pointer: string, message: string): Fault {
    return { pointer, message };
}

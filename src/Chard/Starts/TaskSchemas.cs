using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Chard.Domain.Json;
using Chard.Domain.Tasks;
using NJsonSchema;
using NJsonSchema.Generation;
using NJsonSchema.Validation;

namespace Chard.Starts;

/// <summary>JSON Schemas of the tasks' arguments and results, made from their types when they are first asked for.</summary>
public sealed class TaskSchemas(TaskCatalogue catalogue)
{
    private readonly ConcurrentDictionary<Type, JsonSchema> _schemas = new();

    /// <summary>Schema of the arguments of <paramref name="task"/>, as JSON.</summary>
    /// <exception cref="KeyNotFoundException">There is no such task.</exception>
    public JsonElement ArgsOf(string task) => JsonElement.Parse(Schema(catalogue[task].ArgsType).ToJson());

    /// <summary>Schema of the result of <paramref name="task"/>, as JSON.</summary>
    /// <exception cref="KeyNotFoundException">There is no such task.</exception>
    public JsonElement ResultOf(string task) => JsonElement.Parse(Schema(catalogue[task].ResultType).ToJson());

    /// <summary>Every place where <paramref name="args"/> break the schema of <paramref name="task"/>; empty if they fit.</summary>
    /// <exception cref="KeyNotFoundException">There is no such task.</exception>
    public IReadOnlyList<JsonFault> Check(string task, JsonElement args)
    {
        TaskDescriptor descriptor = catalogue[task];
        if (TaskJson.Options.GetTypeInfo(descriptor.ArgsType).Kind == JsonTypeInfoKind.None
            && !IsTextForInteger(args, descriptor.ArgsType)
            && Reads(args, descriptor.ArgsType))
        {
            // A number, a text or any JSON: what reads as such fits, and a map checks a hundred thousand of them.
            return [];
        }

        ValidationError[] errors = [.. Schema(descriptor.ArgsType).Validate(CanonicalJson.Serialize(args, WriteNearest)).SelectMany(Flat)];
        if (!errors.All(error => error.Kind == ValidationErrorKind.NumberExpected))
        {
            return Faults(errors);
        }

        // What a schema does not say (a converter's own rules, numbers out of a type's range) shows when they are read. So does what it
        // says too strictly: a number may be written as a string, as amounts of money are.
        try
        {
            JsonSerializer.Deserialize(args, descriptor.ArgsType, TaskJson.Options);
            return [];
        }
        catch (JsonException e)
        {
            return errors.Length > 0 ? Faults(errors) : [new(Pointer(e.Path?.TrimStart('$').TrimStart('.')), ReaderFault.Say(e))];
        }
    }

    private static bool Reads(JsonElement args, Type type)
    {
        try
        {
            JsonSerializer.Deserialize(args, type, TaskJson.Options);
            return true;
        }
        catch (JsonException)
        {
            return false; // the schema says what is wrong
        }
    }

    private static JsonFault[] Faults(IEnumerable<ValidationError> errors) =>
        [.. errors.Select(e => new JsonFault(Pointer(e.Path), Say(e))).Distinct()];

    private static bool IsTextForInteger(JsonElement args, Type type) =>
        args.ValueKind == JsonValueKind.String
            && Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) is >= TypeCode.SByte and <= TypeCode.UInt64;

    /// <summary>
    /// Writes the nearest number that the validator can hold. Whether the argument's own type can hold the
    /// number itself shows when it is read.
    /// </summary>
    private static void WriteNearest(Utf8JsonWriter writer, JsonElement number)
    {
        string digits = number.GetRawText();
        if (number.TryGetInt64(out long whole))
        {
            writer.WriteNumberValue(whole);
        }
        else if (digits.AsSpan().ContainsAny('.', 'e', 'E'))
        {
            writer.WriteNumberValue(Math.Clamp(number.GetDouble(), double.MinValue, double.MaxValue));
        }
        else
        {
            writer.WriteNumberValue(digits[0] == '-' ? long.MinValue : long.MaxValue);
        }
    }

    private static IEnumerable<ValidationError> Flat(ValidationError error) =>
        error is ChildSchemaValidationError child && child.Errors.Values.SelectMany(e => e).ToArray() is { Length: > 0 } inner
            ? inner.SelectMany(Flat)
            : [error];

    private static string Say(ValidationError error) => error.Kind switch
    {
        ValidationErrorKind.PropertyRequired => $"'{error.Property}' is required.",
        ValidationErrorKind.NoAdditionalPropertiesAllowed => $"There is no member '{error.Property}'.",
        _ => $"The value does not fit the schema: {JsonNamingPolicy.KebabCaseLower.ConvertName(error.Kind.ToString()).Replace('-', ' ')}.",
    };

    /// <summary>NJsonSchema writes <c>#/lines[0].sku</c>; a JSON Pointer is <c>/lines/0/sku</c>.</summary>
    private static string Pointer(string? path)
    {
        string plain = (path ?? "").TrimStart('#', '/')
            .Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
        return plain.Length == 0 ? "" : "/" + string.Join('/', plain.Split(['.', '/'], StringSplitOptions.RemoveEmptyEntries));
    }

    private JsonSchema Schema(Type type) => _schemas.GetOrAdd(type, static t => JsonSchema.FromType(
        t,
        new SystemTextJsonSchemaGeneratorSettings { SerializerOptions = TaskJson.Options, SchemaProcessors = { new RequiredMembers() } }));

    /// <summary>
    /// A constructor's parameter without a default is required, as the serializer has it; the generator does not see that.
    /// </summary>
    private sealed class RequiredMembers : ISchemaProcessor
    {
        public void Process(SchemaProcessorContext context)
        {
            if (context.Schema.Properties.Count == 0
                || TaskJson.Options.GetTypeInfo(context.ContextualType.Type) is not { Kind: JsonTypeInfoKind.Object } info)
            {
                return;
            }

            foreach (JsonPropertyInfo property in info.Properties.Where(p => p.IsRequired && context.Schema.Properties.ContainsKey(p.Name)))
            {
                context.Schema.RequiredProperties.Add(property.Name);
            }
        }
    }
}

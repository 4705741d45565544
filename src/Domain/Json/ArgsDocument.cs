using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chard.Domain.Json;

/// <summary>Reads arguments strictly: camelCase members, none that the record does not know, no value of another type.</summary>
public static class ArgsDocument
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
    };

    /// <summary>Reads <paramref name="json"/> as <typeparamref name="TArgs"/>; on failure says where and why.</summary>
    public static bool TryRead<TArgs>(JsonElement json, [NotNullWhen(true)] out TArgs? args, [NotNullWhen(false)] out JsonFault? fault)
        where TArgs : class
    {
        args = null;
        fault = null;
        if (json.ValueKind != JsonValueKind.Object)
        {
            fault = new("", "The arguments are a JSON object.");
            return false;
        }

        try
        {
            args = json.Deserialize<TArgs>(Strict)!;
            return true;
        }
        catch (JsonException e)
        {
            fault = new(Pointer(e.Path), ReaderFault.Say(e));
            return false;
        }
    }

    /// <summary>Every fault of <paramref name="json"/>: of its shape, or if that will do, what <paramref name="check"/> finds.</summary>
    public static IReadOnlyList<JsonFault> Validate<TArgs>(JsonElement json, Func<TArgs, IReadOnlyList<JsonFault>> check)
        where TArgs : class
    {
        ArgumentNullException.ThrowIfNull(check);
        return TryRead(json, out TArgs? args, out JsonFault? fault) ? check(args) : [fault];
    }

    /// <summary>Only the paths that this project's arguments have: names and indexes, no quoted members.</summary>
    private static string Pointer(string? path) =>
        path is null or "$"
            ? ""
            : path.TrimStart('$').Replace("[", "/", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Replace('.', '/');
}

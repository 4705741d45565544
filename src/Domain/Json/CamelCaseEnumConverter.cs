using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chard.Domain.Json;

/// <summary>Writes an enum as its name in camelCase ("rateLimited") and reads it in any case; numbers are refused.</summary>
public sealed class CamelCaseEnumConverter<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where TEnum : struct, Enum;

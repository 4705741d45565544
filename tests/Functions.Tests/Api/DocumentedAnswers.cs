using System.Text.Json;
using Chard.Functions.Tests.Harness;

namespace Chard.Functions.Tests.Api;

/// <summary>Holds real answers to the OpenAPI document: status, media type and the members that are required.</summary>
internal static class DocumentedAnswers
{
    private static readonly JsonElement Document = JsonElement.Parse(TheApp.OpenApi.Utf8.Span);

    public static void Check(HttpMethod method, string path, int status, string? mediaType, string body)
    {
        string plain = path.Split('?')[0];
        if (!plain.StartsWith("/api/", StringComparison.Ordinal) || Find(method, plain["/api".Length..]) is not { } operation)
        {
            Assert.True(status is 404 or 405, $"{method} {path} is not documented and answered {status}.");
            return;
        }

        Assert.True(
            operation.GetProperty("responses").TryGetProperty($"{status}", out JsonElement response),
            $"{method} {path} answered {status}, which is not documented: {body}");
        Assert.True(status != 500, $"{method} {path} answered 500: {body}");
        response = Resolve(response);
        if (mediaType is null || !response.TryGetProperty("content", out JsonElement content))
        {
            Assert.True(body.Length == 0, $"{method} {path} answered {status} with a body that is not documented: {body}");
            return;
        }

        Assert.True(content.TryGetProperty(mediaType, out JsonElement media), $"{method} {path} answered {status} with {mediaType}.");
        if (mediaType.EndsWith("json", StringComparison.Ordinal))
        {
            CheckValue(JsonElement.Parse(body), media.GetProperty("schema"), $"{method} {path} {status}");
        }
    }

    private static void CheckValue(JsonElement value, JsonElement schema, string where)
    {
        schema = Resolve(schema);
        if (value.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out JsonElement properties))
        {
            foreach (JsonElement required in schema.TryGetProperty("required", out JsonElement list) ? list.EnumerateArray() : default)
            {
                Assert.True(value.TryGetProperty(required.GetString()!, out _), $"{where} has no '{required}': {value}");
            }

            foreach (JsonProperty member in value.EnumerateObject())
            {
                if (properties.TryGetProperty(member.Name, out JsonElement inner))
                {
                    CheckValue(member.Value, inner, $"{where}/{member.Name}");
                }
                else
                {
                    Assert.True(IsProblem(properties), $"{where}/{member.Name} is not documented: {value}");
                }
            }
        }
        else if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out JsonElement items))
        {
            foreach (JsonElement item in value.EnumerateArray())
            {
                CheckValue(item, items, where + "[]");
            }
        }
        else if (schema.TryGetProperty("enum", out JsonElement names))
        {
            Assert.Contains(value.GetString(), names.EnumerateArray().Select(n => n.GetString()));
        }
    }

    /// <summary>RFC 9457 lets a problem have members of its own.</summary>
    private static bool IsProblem(JsonElement properties) => properties.TryGetProperty("title", out _);

    private static JsonElement? Find(HttpMethod method, string path)
    {
        string[] segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        JsonElement? found = null;
        foreach (JsonProperty candidate in Document.GetProperty("paths").EnumerateObject())
        {
            string[] template = candidate.Name.Split('/', StringSplitOptions.RemoveEmptyEntries);
            bool exact = template.SequenceEqual(segments);
            if ((exact || (found is null && template.Length == segments.Length
                    && template.Zip(segments).All(p => p.First == p.Second || p.First.StartsWith('{'))))
                && candidate.Value.TryGetProperty(method.Method.ToLowerInvariant(), out JsonElement operation))
            {
                found = operation;
            }
        }

        return found;
    }

    private static JsonElement Resolve(JsonElement value)
    {
        while (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("$ref", out JsonElement reference))
        {
            value = reference.GetString()!.TrimStart('#', '/').Split('/').Aggregate(Document, (place, step) => place.GetProperty(step));
        }

        return value;
    }
}

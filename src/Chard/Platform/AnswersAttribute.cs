namespace Chard.Platform;

/// <summary>
/// The HTTP statuses that a function gives by itself. A test holds the OpenAPI document to them, and the answers of
/// all HTTP tests to the document.
/// </summary>
/// <param name="statuses">The statuses, without 401, 403, 500 and 503, which every route may give.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AnswersAttribute(params int[] statuses) : Attribute
{
    public IReadOnlyList<int> Statuses { get; } = statuses;
}

using Chard.Domain.Payloads;
using Chard.Domain.Tasks;

namespace Chard.Functions.Newsletters;

/// <summary>What the orchestrator of a newsletter is told.</summary>
/// <param name="Newsletter">A <see cref="SendNewsletterArgs"/>, stored as a payload if it is large.</param>
/// <param name="MessagesPerSecond">How fast messages go out, as it was set when the newsletter was started.</param>
public sealed record SendNewsletterInput(TaskValue Newsletter, double MessagesPerSecond);

/// <summary>What the orchestrator of one part is told.</summary>
/// <param name="Content">What all messages have in common.</param>
/// <param name="Recipients">All recipients.</param>
/// <param name="First">First line of the part, from 0.</param>
/// <param name="Count">Lines of the part.</param>
/// <param name="MessagesPerSecond">How fast messages go out.</param>
public sealed record NewsletterPart(PayloadReference Content, PayloadReference Recipients, int First, int Count, double MessagesPerSecond);

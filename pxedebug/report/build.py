"""From a story to the documents of a report, one boot at a time."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import UNSET, structs

from pxedebug.diagnose import Finding
from pxedebug.diagnose.judgement import JudgedBoot
from pxedebug.report import document
from pxedebug.report.context import Context, address_text, mac_text, uuid_text
from pxedebug.report.select import View
from pxedebug.report.times import rfc3339
from pxedebug.report.vendors import vendor
from pxedebug.track import story as track
from pxedebug.wire.batch import frame_number
from pxedebug.wire.dhcp.architectures import architecture_name
from pxedebug.wire.linktypes import link_type_name

__all__ = [
    "boot_document", "boot_documents", "build_report", "capture_document", "finding_document", "finding_documents",
    "other_document", "other_documents",
]  # fmt: skip


def build_report(view: View, *, show_secrets: bool = False) -> document.Report:
    """The whole report of `view` in memory."""
    context = Context.of(view.story, show_secrets=show_secrets)
    return document.Report(
        capture=capture_document(view.story, context),
        boots=tuple(boot_documents(view, context)),
        other_clients=tuple(other_documents(view, context)),
        findings=tuple(finding_documents(view, context)),
    )


def boot_documents(view: View, context: Context) -> Iterator[document.Boot]:
    """The boots of `view` one after the other."""
    return (boot_document(judged, context) for judged in view.boots())


def other_documents(view: View, context: Context) -> Iterator[document.OtherClient]:
    """The clients that did not boot, one after the other."""
    return (other_document(other, context) for other in view.others())


def capture_document(story: track.Story, context: Context) -> document.Capture:
    """What the capture is."""
    known = story.first_time is not None and story.last_time is not None
    return document.Capture(
        sources=tuple(_source(source, context) for source in story.sources),
        first_time=None if story.first_time is None else rfc3339(story.first_time),
        duration=(story.last_time or 0) - (story.first_time or 0) if known else None,
        warnings=tuple(
            document.CaptureWarning(warning.code, context.prose(warning.text)) for warning in story.warnings
        ),
        evicted=document.Evicted(*(story.evicted.get(key, 0) for key in ("clients", "boots", "frames"))),
    )


def _source(source: track.SourceFacts, context: Context) -> document.Source:
    vantage = source.vantage
    return document.Source(
        name=context.text(source.name.encode("utf-8", "surrogateescape")) or "",
        frames=source.frames,
        bytes=source.bytes,
        link_types=tuple(link_type_name(value) for value in source.link_types),
        truncated_frames=source.truncated_frames,
        vantage=document.Vantage(
            vantage.kind,
            vantage.text,
            vantage.unicast_seen,
            vantage.relayed,
            vantage.high_ports_seen,
            vantage.cut_frames,
        ),
    )


def boot_document(judged: JudgedBoot, context: Context) -> document.Boot:
    """One boot with its findings."""
    boot = judged.boot
    spent = boot.durations
    return document.Boot(
        judged.number,
        _client(boot.client, context),
        boot.started - context.first_time,
        boot.ended - context.first_time,
        str(boot.outcome),
        boot.starts_before_capture,
        document.Durations(spent.dhcp, spent.dhcp_client_wait, spent.proxydhcp, spent.transfer, spent.other),
        tuple([_stage(stage, context) for stage in boot.stages]),
        tuple([finding_document(finding, context) for finding in judged.findings]),
    )


def other_document(other: track.OtherClient, context: Context) -> document.OtherClient:
    """One client whose frames are no network boot."""
    return document.OtherClient(
        _client(other.client, context), _exchanges(other.exchanges, context), _transfers(other.transfers, context)
    )


def finding_documents(view: View, context: Context) -> Iterator[document.NetworkFinding]:
    """What several clients share, one fact after the other."""
    for shared in view.findings():
        yield document.NetworkFinding(
            **structs.asdict(finding_document(shared.finding, context)),
            server=address_text(shared.server),
            clients=tuple(mac.hex(":") for mac in shared.clients if mac),
            boots=shared.boots,
        )


def finding_document(finding: Finding, context: Context) -> document.Finding:
    """One finding in the words of the report; strings that quote the wire are escaped, and secrets masked."""
    return document.Finding(
        finding.id,
        str(finding.severity),
        str(finding.confidence),
        finding.primary,
        finding.caused_by,
        finding.title,
        context.prose(finding.explanation),
        tuple(
            [
                document.Evidence(frame_number(each.frame), context.prose(each.note), context.source(each.frame))
                for each in finding.evidence
            ]
        ),
        finding.screen,
        tuple(map(context.prose, finding.causes)),
        tuple(context.prose(str(remedy)) for remedy in finding.remedies),
        None if finding.next_measurement is None else context.prose(finding.next_measurement),
        finding.group,
    )


def _client(client: track.Client, context: Context) -> document.Client:
    architectures = client.architectures
    return document.Client(
        mac_text(client.mac),
        vendor(client.mac),
        uuid_text(client.uuid),
        architectures,
        architecture_name(architectures[0]) if architectures else None,
        context.text(client.vendor_class),
        context.text(client.user_class),
        tuple([address_text(address) or "" for address in client.addresses]),
        address_text(client.relay),
        client.vlans,
    )


def _stage(stage: track.Stage, context: Context) -> document.Stage:
    return document.Stage(
        str(stage.kind),
        None if stage.method is None else str(stage.method),
        stage.started - context.first_time,
        stage.ended - context.first_time,
        None if stage.boot is None else _boot_information(stage.boot, context),
        _exchanges(stage.exchanges, context),
        _transfers(stage.transfers, context),
    )


def _boot_information(boot: track.BootInformation, context: Context) -> document.BootInformation:
    return document.BootInformation(
        address_text(boot.server),
        *context.named(boot.file),
        frame_number(boot.source_frame),
        context.source(boot.source_frame),
    )


def _exchanges(exchanges: tuple[track.Exchange, ...], context: Context) -> tuple[document.Exchange, ...]:
    return tuple(
        [
            document.Exchange(
                f"0x{exchange.xid:08x}",
                exchange.port,
                exchange.complete,
                tuple([_message(message, context) for message in exchange.messages]),
                tuple([_offer(offer, context) for offer in exchange.offers]),
            )
            for exchange in exchanges
        ]
    )


def _message(message: track.Message, context: Context) -> document.Message:
    packet, _, kind, copied, _, _ = message
    return document.Message(
        frame_number(packet.frame),
        packet.time - context.first_time,
        kind,
        address_text(packet.source) or "",
        address_text(packet.destination) or "",
        packet.source_port,
        None if copied is None else frame_number(copied),
        context.source(packet.frame),
        UNSET if copied is None else context.source(copied),
    )


def _offer(offer: track.Offer, context: Context) -> document.Offer:
    frame = offer.message.packet.frame
    return document.Offer(
        frame_number(frame),
        address_text(offer.server),
        mac_text(offer.server_mac),
        str(offer.offer_class),
        address_text(offer.address),
        offer.lease,
        address_text(offer.next_server),
        context.text(offer.boot_file),
        offer.proxy,
        offer.chosen,
        context.source(frame),
    )


def _transfers(transfers: tuple[track.Transfer, ...], context: Context) -> tuple[document.Transfer, ...]:
    return tuple([_transfer(transfer, context) for transfer in transfers])


def _transfer(transfer: track.Transfer, context: Context) -> document.Transfer:
    blocks = transfer.protocol == "tftp"
    content = transfer.content_type
    return document.Transfer(
        transfer.protocol,
        transfer.operation,
        *context.named(transfer.file),
        address_text(transfer.server) or "",
        frame_number(transfer.first_frame),
        frame_number(transfer.last_frame),
        transfer.started - context.first_time,
        transfer.ended - context.first_time,
        str(transfer.status),
        transfer.size,
        transfer.declared_bytes,
        transfer.blocks if blocks else None,
        transfer.block_size if blocks else None,
        transfer.window_size if blocks else None,
        transfer.retransmissions if blocks else None,
        transfer.missing_blocks if blocks else None,
        transfer.fragmented,
        transfer.error_code,
        context.text(transfer.error_message),
        None if content is None else document.Content(content, _content_detail(transfer, context)),
        context.source(transfer.first_frame),
        context.source(transfer.last_frame),
    )


def _content_detail(transfer: track.Transfer, context: Context) -> str | None:
    detail = transfer.content_detail
    return None if detail is None else context.text(detail.encode("utf-8", "surrogateescape"))

"""Words that say nothing about a site: of boot loaders, firmware, protocols and their error messages.

They stay what they are in names and texts, in any case; every other word is replaced.
"""

from __future__ import annotations

import re

__all__ = ["HOST_WORDS", "KNOWN_PARTS", "VOCABULARY"]

_LOADERS = """
    abortpxe alpine archboot archiso autoboot autoexec barebox base bcd bg boot boot0001 bootcode bootia32 bootaa64
    bootx64 bootriscv64 bootloongarch64 bootarm bootnetx64 bootnetaa64 bootmgfw bootmgr bootsig bios efi efi32 efi64
    centos chain clonezilla coreos debian default dist dists dtb dt blob ecmp edk2 elilo esxi extlinux fbx64 fbaa64
    fedora firmware fitimage fixup fixup4 flatcar fog gparted gpxe grub grub2 grubaa64 grubia32 grubriscv64 grubx64
    hdls iso images img installer ipxe isolinux kernel kernel7 kernel7l kernel8 kkpxe kkkpxe kpxe ldlinux legacy
    linux lkrn local localboot lpxelinux mboot memdisk memtest memtest86 menu mender mint mlo mmx64 mmaa64 module
    netboot netbootxyz n12 nbp ntldr openbsd freebsd netbsd opensuse os overlays pieeprom proxmox pxe pxeboot pxegrub
    pxelinux raspberry raspbian recover4 recovery rescue revocations rhel rocky rpi rpi4 rpi5 rpiboot sdi shell shim
    shimaa64 shimx64 signed slax sles snp snponly spl start start4 start4cd start4db start4x startrom suse syslinux
    sys sysresccd talos tftpboot tiboot3 tispl tinycore ubuntu uboot uefi undionly undi ultra vesamenu vmlinux vmlinuz
    vmware wdsmgfw wdsnbp wds wimboot windows winpe winload winre xen zimage uimage bzimage almalinux oracle
    amd64 arm arm32 arm64 armhf armv6 armv7 armv8 aarch64 aa64 i386 i486 i586 i686 ia32 ia64 loongarch64 ppc64le
    riscv64 s390x x32 x64 x86 amd intel armv7l e32 e64 broadcom bcm2711 bcm2712 vsmp generic pc cn vbr
    snakeoil microcode ucode kpartx nfs iscsi aoe fcp srp sanboot sanhook
"""
_SUFFIXES = """
    0 0x 115200 bin bz2 c32 cfg com conf cpio css dat deb dtbo dtbs elf exe fi fit fon gz htm html
    ign iso itb js json ks lst
    lua lz4 lzma lzo mod mo n12 pf2 php png pxe rpm scr sdi sh sig squashfs swim tar tgz ttf txt
    uimg upd vbs wim xml xz yaml yml
    zip zst bmp jpg log md old bak new tmp krn cmd preseed initrd initramfs rootfs ramdisk
"""
_SCRIPT = """
    a all allow also an and any append arch as ask asset at autoinst autoinstall autoyast baud be beep blocked boot
    bootfile bootif bootp break buildarch busid by call case clear client cls cmdline color colour concat config
    configfile console cpair crash console2 dash date dd del dhcp dhcp6 dir disabled display dns do domain done down
    drive ds echo elif else enabled end entry environment error esac exit export f fail failed false fallback fetch
    fi file filename first fix for force from fs fstype function gateway getarg goto gfxmode gfxpayload halt has hd0
    hello hex hexhyp hexraw hint home hostname http http0 https https0 id if ifconf ifopen ifstat ignition imgargs
    imgexec imgfetch imgfree imgload imgselect imgstat imgtrust imgverify in include init initrdefi inc input
    insmod inst inspect install int interface ip ipappend ipv4 ipv6 is isset item iseq kbd keep key keyboard keymap
    ks ksdevice label lang language last let link linux16 linuxefi initrd16 live load loader loadfont locale login ls
    mac main manual mask master max menuentry message mgr min mode module module2 mount msg multiboot multiboot2 name
    net net0 net1 net2 net3 neednet netdev netmask netroot netcfg network next nfsroot no nocloud nomodeset none not
    noapic of off ok on once only ontimeout option options or out output panic param params part path pause ping plain
    platform poweroff predefined prefix print priority prompt proxy pxechn quiet ram rd read reboot recordfail repo
    replay reset resume retry return ro root rootflags route run rw sanboot save savedefault say scan script search
    sec seconds select sep serial server set setup show shutdown size skip sleep smbios splash stage2 stage start
    static stop string submenu switch sync sysappend syslog system test text tftp tftp0 than the
    then this time timeout
    title to totaltimeout tty ttyama ttys hvc sda vda nvme eth type udp tcp ui undefined unset
    until up update uristring
    url use user uuid value var verbose version vga via vlan vmx wait while width with write yes you your zeroconf
    busybox systemd efivars efi_gop efi_uga all_video gfxterm font unicode part_gpt part_msdos ext2 fat gzio probe
    normal command fs crypto terminal moddep fdt efinet pxenet bufio video archelp minicmd progress squash4 regexp
    certificate sbat sku csv mok moklist sleep elf64 relocator acpi mmap priorityqueue extcmd datetime
    linuxboot cloud config data meta vendor seedfrom http_proxy ipxe ver manufacturer product builtin user_class
    vendor_class dhcp_server root_path next_server filename busname chip hwaddr gw ntp
"""
_FIRMWARE = """
    aaplbsdpc android anaconda apple client class d dell dhcpcd dracut etherboot facter gpxe hp httpclient i ibm imac
    iphone legacy lenovo linux mac microsoft msft onie onie_vendor phoenix pxeclient pxe qemu raspberry pi busybox
    udhcp udhcpc udhcpd uefihttpboot vmware windows wfm11a genuineintel authenticamd x86_64 arch undi version u bsdp
    connman networkmanager internal systems consortium isc kea dnsmasq tftpd hpa atftpd tianocore sun cisco juniper
    pxebs bsdpd binl ris rembo altiris
"""
_MESSAGES = """
    ack nak discover decline inform advertise solicit confirm rebind reconfigure leasequery inuse declined dropped
    abort aborted absolute access accept acceptable accepted acknowledged acquire address addresses
    after again already
    allocation allowed although argument assigned authenticated authentication authorization authorized auto available
    bad because been before bind binding blksize block body bound broken bytes can cannot change
    check close closed code
    command conflict connect connected connection content control could create current cut database decline denied
    destination detected different dhcpack dhcpnak dhcpoffer directory discard disk does doesn doctype duplicate
    early entity ess exceeded exist exists expected expired fault field files forbidden forward
    found free full function
    gateway get gone got granted head header host href idle illegal implemented incorrect
    information inside invalid isn
    item lack lacks large lease leases less limit list location lost malformed match max maximum memory method missing
    mismatch more moved must need negotiation new no nobind nonexistent null object octet offer offered open operation
    packet page paths permanently permission permitted please policy pool port post precondition present process
    protocol range read received redirect refused reject rejected release rename renew reply
    request requested required
    requires resource response retries same satisfiable see send sent service session short shorter
    since sorry speaking
    ssl static status still such supported t temporarily temporary terminated tid timed timeout tls too transaction
    transfer transferid tsize unable unavailable unauthorized undefined unexpected unknown unprocessable unreachable
    unspecified unsupported upon valid violation was were went when windowsize wrong zero netascii mail multicast
    enabled entering h1 h2 hr p br div span meta charset utf title style center lt gt amp nbsp sent https
"""
_WEB = """
    accept age agent apache authorization aws basic bearer body boundary br bytes cache caddy centos charset chunked
    close compatible connection content control cookie cors curl deflate debian digest dnt encoding etag expires
    forwarded front get gmt gzip head host http httpd identity iis index jetty jpeg json keep alive
    language last length
    lighttpd location match max microsoft modified modules mozilla must revalidate negotiate nginx
    nosniff no ntlm octet
    openresty openssl options origin path php plain post powered pragma private proxy public put python quality range
    ranges realm referer repo request requests retry same security server set since store stream strict te tomcat
    trailer transfer transport unix upgrade url urlencoded user vary via werkzeug wget www x xhtml xml simplehttp
    simplehttpserver application text image efi vnd html form multipart html5 unmodified if none ubuntu red hat
    mon tue wed thu fri sat sun jan feb mar apr may jun jul aug sep oct nov dec
"""
VOCABULARY = frozenset(f"{_LOADERS} {_SUFFIXES} {_SCRIPT} {_FIRMWARE} {_MESSAGES} {_WEB}".split())
"""Words in lower case; letters and digits only, what is joined by other signs counts as several."""

KNOWN_PARTS = re.compile(
    rb"initramfs|initrd|vmlinu[xz]|bzimage|zimage|uimage|fitimage|pxelinux|syslinux|isolinux|extlinux|undionly|snponly"
    rb"|bootmgfw|bootmgr|wdsmgfw|wdsnbp|wimboot|memtest|memdisk|kernel|grub|ipxe|gpxe|shim|uboot|barebox|rootfs|preseed"
    rb"|kickstart|autoyast|microcode|ucode|revocations|bootx64|bootaa64|bootia32|bootnet|linux|aarch64|x86_64|amd64"
    rb"|arm64|riscv64|loongarch64|ia32|i386|aa64|x64|secureboot|raspberry"
)
"""Parts of words by which rules tell what a file is or whom it is for (`firmware.file_names`)."""

HOST_WORDS = frozenset(
    b"arpa com example home in addr internal ip6 invalid lan local localdomain localhost net org test tcp udp".split()
)
"""Labels of host names that stay."""
